import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { CliError } from './cli-error.ts';
import type { Command } from './commands/command.ts';
import { demoCommand } from './commands/demo.ts';
import { devicesCommand } from './commands/devices.ts';
import { listenCommand } from './commands/listen.ts';
import { loginCommand } from './commands/login.ts';
import { resetSessionCommand } from './commands/reset-session.ts';
import { roomCommand } from './commands/room.ts';
import { sendCommand } from './commands/send.ts';
import { trustCommand } from './commands/trust.ts';
import { whoCommand } from './commands/who.ts';
import type { Terminal } from './terminal/terminal.ts';

const allCommands: readonly Command[] = [
  demoCommand(),
  loginCommand,
  devicesCommand,
  trustCommand,
  sendCommand,
  listenCommand,
  roomCommand,
  whoCommand,
  resetSessionCommand,
];

/** Runs the command that the arguments name, and resolves to the exit status: 0 done, 1 failed, 2 called wrongly. */
export async function cli(
  args: readonly string[],
  terminal: Terminal,
  commands: readonly Command[] = allCommands,
): Promise<0 | 1 | 2> {
  const [name, ...rest] = args;
  const command = commands.find((one) => one.name === name);
  const options = optionsAmong(args);
  if (options.includes('--version')) {
    terminal.print(`omemo-kit ${version()}`);
    return 0;
  }
  if (options.includes('--help') || options.includes('-h') || name === 'help') {
    terminal.print(command?.usage ?? overview(commands));
    return 0;
  }
  try {
    if (command === undefined) {
      throw new CliError('usage', name === undefined ? 'which command?' : `there is no command "${name}"`);
    }
    await command.run(rest, terminal);
    return 0;
  } catch (error) {
    const known = asCliError(error);
    // Who reads JSON gets the reason there too.
    if (known !== undefined && options.includes('--json')) {
      terminal.print(
        JSON.stringify({ type: 'error', code: known.code, message: known.message, hint: known.hint, ...known.facts }),
      );
      return known.exitCode;
    }
    if (known === undefined) {
      terminal.complain(`${terminal.errorInk.bad('error')}: nobody expected this\n${inspect(error)}`);
      return 1;
    }
    terminal.complain(`${terminal.errorInk.bad('error')}: ${known.message}`);
    if (known.hint !== undefined) terminal.complain(known.hint);
    if (known.code === 'usage')
      terminal.complain(`\n${command === undefined ? overview(commands) : synopsis(command)}`);
    return known.exitCode;
  }
}

/** Arguments before a `--`, after which everything is text. */
function optionsAmong(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

function synopsis({ name, usage }: Command): string {
  return `${usage.split('\n\n')[0]}\n\nomemo-kit ${name} --help tells more.`;
}

function overview(commands: readonly Command[]): string {
  const longest = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(longest)}   ${summary}`);
  return `Usage: omemo-kit <command> [options]\n\nCommands:\n${list.join('\n')}\n\nomemo-kit <command> --help tells more.`;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const { version } = manifest as { readonly version: string };
  return version;
}

/** parseArgs says what is wrong with the arguments by a TypeError with a code of its own. */
function asCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!code.startsWith('ERR_PARSE_ARGS')) return undefined;
  return new CliError('usage', (error as Error).message.split('. ')[0] ?? '', { cause: error });
}
