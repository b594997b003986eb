/** What the summary counts while the story goes on. */
export interface Tally {
  sent: number;
  /** Texts that all devices of the person they were for have shown. */
  read: number;
  lost: number;
  /** Texts that came again and were not shown again. */
  duplicates: number;
  verifications: number;
}

export function newTally(): Tally {
  return { sent: 0, read: 0, lost: 0, duplicates: 0, verifications: 0 };
}
