// Holds the write lock of a database until a line comes in, with a change that is not committed.
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';

const database = new DatabaseSync(process.argv[2]!);
database.exec('BEGIN IMMEDIATE');
database.exec("DELETE FROM records WHERE key = 'held'");
console.log('locked');
await once(process.stdin, 'data');
database.exec('ROLLBACK');
database.close();
process.stdin.destroy();
