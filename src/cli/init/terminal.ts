import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Where questions are asked: a terminal, or lines that a script pipes in. */
export interface Terminal {
  say(line: string): void;
  /** Null: the input has ended. */
  ask(question: string): Promise<string | null>;
  /** Nothing of what is typed is shown. */
  askHidden(question: string): Promise<string | null>;
  /** Empty means yes. */
  confirm(question: string): Promise<boolean>;
  /** Ctrl-C was pressed. */
  interrupted(): boolean;
  close(): void;
}

export interface TerminalStreams {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
}

/** One line is one answer, in order, however many arrive at once. */
export function openTerminal({ input, output }: TerminalStreams): Terminal {
  let isHidden = false;
  let isInterrupted = false;
  let hasEnded = false;
  const shown = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) output.write(chunk);
      done();
    },
  });
  const isTerminal = input.isTTY === true;
  // Without a terminal nothing is echoed, and the questions alone make the record of a script's run.
  const lines = createInterface({ input, output: shown, terminal: isTerminal });
  const answers = lines[Symbol.asyncIterator]();
  lines.on('SIGINT', () => {
    isInterrupted = true;
    lines.close();
  });
  lines.on('close', () => {
    hasEnded = true;
  });

  async function next(question: string): Promise<string | null> {
    // Lines that came before the end are still to be given.
    if (isTerminal && hasEnded) return null;
    if (isTerminal) {
      // As the prompt: editing the line must not wipe the question away.
      lines.setPrompt(`${question} `);
      lines.prompt();
    } else output.write(`${question} `);
    const { value, done } = await answers.next();
    if (!isTerminal || isHidden) output.write('\n');
    return done === true ? null : String(value).trim();
  }

  return {
    say: (line) => void output.write(`${line}\n`),
    ask: next,
    async askHidden(question) {
      const asking = next(question);
      isHidden = true;
      try {
        return await asking;
      } finally {
        isHidden = false;
      }
    },
    async confirm(question) {
      const answer = await next(`${question} (Y/n)`);
      return answer !== null && /^(y|yes)?$/i.test(answer);
    },
    interrupted: () => isInterrupted,
    close: () => lines.close(),
  };
}
