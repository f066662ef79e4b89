import { useMemo } from 'react';
import { LibraryBlocks } from './library-blocks.tsx';
import { mrkdwnToRichText, plainToRichText, unescapeText } from './mrkdwn.ts';

export interface TextObject {
  type: string;
  text: string;
}

/** A text object, formatted. */
export function SlackText({ text }: { text: TextObject }) {
  const blocks = useMemo(
    () => [text.type === 'mrkdwn' ? mrkdwnToRichText(text.text) : plainToRichText(text.text)],
    [text.type, text.text],
  );
  return <LibraryBlocks blocks={blocks} />;
}

/** A text object as one string, for labels and options. */
export function plainText(text: TextObject | undefined): string {
  return text === undefined ? '' : unescapeText(text.text);
}
