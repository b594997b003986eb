/** A time that somebody else wrote, as records hold it: milliseconds since 1970. What lies before is no time of a message. */
export function millisecondsOf(time: Date | undefined): number | undefined {
  return time === undefined ? undefined : Math.max(0, time.getTime());
}
