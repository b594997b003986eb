import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** Kills every process of the group with SIGKILL and waits until none of them runs any more. */
export async function killGroup(leader: number): Promise<void> {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  while (runningInGroup(leader).length > 0) await setTimeout(5);
}

/** Processes of the group that still run. Where there is no `/proc` they are taken as gone: the signal cannot be refused. */
export function runningInGroup(leader: number): readonly number[] {
  let entries: readonly string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => isRunningIn(pid, leader));
}

function isRunningIn(pid: number, leader: number): boolean {
  try {
    // The name of the program, in brackets, may hold anything; what counts comes after it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(group) === leader && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}
