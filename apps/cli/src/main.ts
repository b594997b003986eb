import { cli } from './cli.ts';
import { openTerminal } from './terminal/terminal.ts';

// Whoever reads may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await cli(process.argv.slice(2), openTerminal(process));
