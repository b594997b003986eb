import { parseArgs } from 'node:util';
import { TwomemoPeer, twomemoAvailability } from '@omemo-kit/interop';
import { LoopbackServer } from '@omemo-kit/loopback';
import { StoreError } from '@omemo-kit/omemo-core/ports';
import { CliError } from '../cli-error.ts';
import { openDemoStorage } from '../demo/demo-storage.ts';
import { type DemoOptions, runDemo } from '../demo/run-demo.ts';
import type { Scene } from '../demo/scenes.ts';
import { checkSendable } from '../demo/text-content.ts';
import { ownSurroundings } from '../storage/data-directory.ts';
import { storeChoice } from '../storage/store-choice.ts';
import { storeTrouble } from '../storage/store-trouble.ts';
import { tellInLines } from '../telling/in-lines.ts';
import { tellOnScreen } from '../telling/on-screen.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Command } from './command.ts';

const DEFAULT_WORDS = 'Noodles on Sunday? 🍜 I know a place by the river.';
/** Milliseconds from one scene to the next for somebody who looks on. */
const PACE = 60;

const usage = `Usage: pnpm demo [options] [words]

Alice and Bob chat by OMEMO over a server in memory: keys, trust, lost and doubled messages, a new device,
and what the server sees of it. The words are what Alice writes first; without any she has her own.

Options:
  --store memory   the devices keep their records in memory
  --store FILE     in a new file of this name; by default in demo.sqlite in the user's data directory
  --peer twomemo   Bob's devices run python-omemo in place of omemo-kit, and keep their records in its memory
  --json           one JSON object a line for each scene
  --help           this text
  --version        the version

The data directory is omemo-kit in $XDG_DATA_HOME or ~/.local/share, on macOS in ~/Library/Application Support, on
Windows in %LOCALAPPDATA%. Each demo starts anew: it empties its demo.sqlite, and the records stay until the next one.

Words that begin with a dash go after --, as in: pnpm demo -- "-5 °C outside"
The exit status is 0 when everything went as shown, 1 when it did not, 2 when the call, the text, the peer or the store
is the reason.`;

/** `makeServer`: for tests, a server on which things go wrong. */
export function demoCommand(makeServer = () => new LoopbackServer()): Command {
  return {
    name: 'demo',
    summary: 'two people, five devices, one curious server',
    usage,
    run: (args, terminal) => run(args, terminal, makeServer()),
  };
}

async function run(args: readonly string[], terminal: Terminal, server: LoopbackServer): Promise<void> {
  const { words, software, store, format } = parse(args);
  checkSendable(words);
  const peer = software === 'twomemo' ? await startTwomemo() : undefined;
  try {
    await tellStory({
      words,
      peer,
      server,
      storage: await openDemoStorage(store, await ownSurroundings()),
      tell: teller(terminal, format),
    });
  } finally {
    await peer?.close();
  }
}

async function tellStory(options: DemoOptions): Promise<void> {
  const { place, close } = options.storage;
  try {
    await runDemo(options);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw storeTrouble(error, place.kind === 'memory' ? 'memory' : place.file);
  } finally {
    close();
  }
}

function parse(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { store: { type: 'string' }, peer: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  if (values.peer !== undefined && values.peer !== 'twomemo') {
    throw new CliError('usage', `there is no peer "${values.peer}"`, { hint: 'the peer there is: twomemo' });
  }
  return {
    // As `echo` does, so that quotes are a choice.
    words: positionals.length === 0 ? DEFAULT_WORDS : positionals.join(' '),
    software: values.peer === undefined ? ('omemo-kit' as const) : ('twomemo' as const),
    store: storeChoice(values.store),
    format: values.json ? ('json' as const) : ('text' as const),
  };
}

async function startTwomemo(): Promise<TwomemoPeer> {
  const availability = twomemoAvailability();
  if (availability.available) return TwomemoPeer.start();
  const { reason, install } = availability;
  throw new CliError('peer-missing', `python-omemo is not there: ${reason}`, { hint: `to install it: ${install}` });
}

function teller(terminal: Terminal, format: 'json' | 'text'): (scene: Scene) => Promise<void> {
  const { ink, width, layout } = terminal;
  let previous: Scene | undefined;
  return async (scene) => {
    if (format === 'json') return terminal.print(JSON.stringify(scene));
    const lines = layout === 'screen' ? tellOnScreen(scene, { ink, width }, previous) : tellInLines(scene, ink);
    previous = scene;
    await terminal.pace(PACE);
    for (const line of lines) terminal.print(line.trimEnd());
  };
}
