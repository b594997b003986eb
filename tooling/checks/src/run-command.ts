import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** The checkout that this file belongs to: its installed tools do the work, whichever folder is checked. */
export const toolsRoot: string = join(import.meta.dirname, '..', '..', '..');

export interface CommandResult {
  /** Exit code; -1 when the command could not start, was killed or ran out of time. */
  readonly code: number;
  readonly stdout: string;
  /** stdout and stderr in the order of arrival. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly timeoutSeconds?: number;
}

/** Runs a command without stdin and without colours; never rejects. Tools of the checks and of the root are on its PATH. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { promise, resolve } = Promise.withResolvers<CommandResult>();
  const child = spawn(command, args, { cwd: options.cwd, env: toolEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout: Buffer[] = [];
  const output: Buffer[] = [];
  const timeoutSeconds = options.timeoutSeconds ?? 900;
  const timer = setTimeout(() => {
    output.push(Buffer.from(`\nstopped after ${timeoutSeconds} s\n`));
    child.kill('SIGKILL');
  }, timeoutSeconds * 1000);
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    output.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const finish = (code: number | null) => {
    clearTimeout(timer);
    resolve({ code: code ?? -1, stdout: String(Buffer.concat(stdout)), output: String(Buffer.concat(output)) });
  };
  child.on('error', (error) => {
    output.push(Buffer.from(`${error.message}\n`));
    finish(-1);
  });
  child.on('close', finish);
  return promise;
}

/** pnpm as it was started, or else the one that a bare machine gets. */
export function runPnpm(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const started = process.env['npm_execpath'];
  if (started === undefined || !/pnpm/.test(started)) return runCommand('npx', ['-y', 'pnpm@12', ...args], options);
  return /\.[cm]?js$/.test(started)
    ? runCommand(process.execPath, [started, ...args], options)
    : runCommand(started, args, options);
}

/** The lines of a tool's output that fit on a screen: the last ones, where tools put their verdict. */
export function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n');
  return lines.length <= count ? lines.join('\n') : ['…', ...lines.slice(-count)].join('\n');
}

function toolEnvironment(): NodeJS.ProcessEnv {
  const bins = [
    join(toolsRoot, 'node_modules', '.bin'),
    join(toolsRoot, 'tooling', 'checks', 'node_modules', '.bin'),
    process.env['PATH'] ?? '',
  ];
  return { ...process.env, PATH: bins.join(delimiter), NO_COLOR: '1', FORCE_COLOR: '0' };
}
