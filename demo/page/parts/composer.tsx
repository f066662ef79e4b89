import { type FormEvent, useId, useState } from 'react';
import type { PagePerson } from '../../server/page-state.ts';
import { useActor } from '../state/actor.ts';
import { Icon } from './icon.tsx';

interface Props {
  channelId: string;
  placeName: string;
  me: PagePerson;
  /** Called when a command is on its way. */
  onRun: () => void;
}

const EVERYONE = ['next', 'queue', 'report', 'rules', 'help'];
const COMMANDS = ['help', 'next', 'queue', 'why ', 'report', 'rules', 'pause', 'resume', 'grant '];
const ONLY_COMMANDS =
  'This small workspace takes commands only. Try /firstcall help, or click a button on a message.';

/** The command line. Free talk is what the real Slack is for. */
export function Composer({ channelId, placeName, me, onRun }: Props) {
  const actor = useActor();
  const [text, setText] = useState('');
  const [hint, setHint] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const id = useId();
  const run = async (command: string) => {
    if (pending || command.trim() === '') return;
    if (!command.trim().startsWith('/')) return setHint(ONLY_COMMANDS);
    setHint(null);
    setPending(true);
    onRun();
    const reply = await actor.command(channelId, command.trim());
    setPending(false);
    if (reply.ok) setText('');
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void run(text);
  };
  return (
    <form className="composer" onSubmit={onSubmit}>
      <fieldset className="shortcuts" aria-label="Commands">
        {EVERYONE.map((command) => (
          <button
            type="button"
            key={command}
            className="chip"
            disabled={pending}
            onClick={() => void run(`/firstcall ${command}`)}
          >
            <span className="chip-prefix">/firstcall&nbsp;</span>
            {command}
          </button>
        ))}
      </fieldset>
      <div className="command-line">
        <input
          aria-label={`Command in ${placeName} as ${me.name}`}
          data-testid="command-line"
          aria-describedby={hint === null ? undefined : `${id}-hint`}
          placeholder={`/firstcall, as ${me.name}`}
          autoComplete="off"
          list={`${id}-commands`}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <datalist id={`${id}-commands`}>
          {COMMANDS.map((command) => (
            <option key={command} value={`/firstcall ${command}`} />
          ))}
        </datalist>
        <button type="submit" className="send" aria-label="Run command" aria-busy={pending}>
          <Icon name="send" />
        </button>
      </div>
      {hint === null ? null : (
        <p id={`${id}-hint`} className="hint" role="status">
          {hint}
        </p>
      )}
    </form>
  );
}
