import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { type IntakeProblem, problem } from './intake-problem.ts';
import { decodeUtf8 } from './parse-json-body.ts';

/** An element: attributes as "@_name", text as "#text", children by local name; only text is a string. */
export type XmlNode = string | { [name: string]: XmlNode | XmlNode[] };

export type ParsedXml = { ok: true; root: XmlNode; text: string } | IntakeProblem;

const parser = new XMLParser({
  ignoreAttributes: false,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 12,
  // Numeric references such as &#13; need this; entities can only be declared in a DOCTYPE, refused below.
  htmlEntities: true,
});

/** Well-formed XML without DOCTYPE: nothing in it can refer to a file, a network or itself. */
export function parseXml(body: Uint8Array): ParsedXml {
  const text = decodeUtf8(body);
  if (text === null) return problem(400, 'body_unreadable', 'The body is not UTF-8 text.');
  if (text.trim() === '') return problem(400, 'body_unreadable', 'The body is empty: send XML.');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) {
    return problem(400, 'xml_unsafe', 'The XML declares a DOCTYPE or entities: send it without.');
  }
  try {
    const validity = XMLValidator.validate(text);
    if (validity !== true) return invalid(validity.err.line);
    return { ok: true, root: parser.parse(text), text };
  } catch {
    // The parser throws on nesting beyond the limit and on names such as "__proto__".
    return problem(400, 'xml_invalid', 'The XML is nested too deeply or uses a forbidden name.');
  }
}

// The validator's own message quotes the text, which is personal.
function invalid(line: number): IntakeProblem {
  return problem(400, 'xml_invalid', `The XML is not well-formed (line ${line}).`);
}

export function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  if (node === undefined || typeof node === 'string' || !Object.hasOwn(node, name)) return [];
  return [node[name] ?? []].flat();
}

export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return childrenOf(node, name)[0];
}

/** Text of an element; null when it is absent, empty, nil or holds elements. */
export function textOf(node: XmlNode | undefined): string | null {
  const text = typeof node === 'object' ? node['#text'] : node;
  if (typeof text !== 'string' || (typeof node === 'object' && hasElements(node))) return null;
  return text === '' ? null : text;
}

export function hasElements(node: XmlNode): boolean {
  return (
    typeof node === 'object' &&
    Object.keys(node).some((name) => !name.startsWith('@_') && name !== '#text')
  );
}
