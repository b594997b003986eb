/** Backups of a device, to start over with on a new phone or after a lost disk: identity and trust, never sessions. */
export { type ExportOptions, exportBackup } from './export-backup.ts';
export type { BackupProtection } from './protection.ts';
export { type Restored, type RestoreOptions, restoreBackup } from './restore-backup.ts';
