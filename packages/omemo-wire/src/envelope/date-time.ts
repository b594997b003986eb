import { WireError } from '../wire-error.ts';

const STAMP = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** A DateTime of XEP-0082 (3.2), to the millisecond. Throws `invalid-time`. */
export function parseDateTime(text: string): Date {
  const match = STAMP.exec(text);
  if (match === null) throw invalidTime();
  const [year, month, day, hour, minute, second, offsetHours, offsetMinutes] = [1, 2, 3, 4, 5, 6, 9, 10].map((group) =>
    Number(match[group] ?? 0),
  ) as [number, number, number, number, number, number, number, number];
  const millisecond = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, millisecond);
  // The 31st of February and the 25th hour would roll over into something else.
  const isReal =
    local.getUTCMonth() === month - 1 && local.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!isReal || offsetHours > 23 || offsetMinutes > 59) throw invalidTime();
  const offset = (match[8] === '-' ? -60_000 : 60_000) * (offsetHours * 60 + offsetMinutes);
  return new Date(local.getTime() - offset);
}

/** Writes a DateTime of XEP-0082 in UTC. Throws `invalid-time` outside the years 0 to 9999. */
export function formatDateTime(time: Date): string {
  const year = time.getUTCFullYear();
  if (!(year >= 0 && year <= 9_999)) throw invalidTime();
  return time.toISOString();
}

function invalidTime(): WireError {
  return new WireError('invalid-time', 'not a DateTime of XEP-0082');
}
