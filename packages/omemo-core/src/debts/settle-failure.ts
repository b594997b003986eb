/** What could not be done now and stays owed. */
export interface SettleFailure {
  readonly debt: 'bundle' | 'device-list' | 'withdrawal' | 'answer' | 'refresh' | 'room' | 'outbox' | 'store';
  readonly cause: unknown;
}
