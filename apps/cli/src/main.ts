import { enableCompileCache } from 'node:module';

// Each command is a process of its own: without it a third of its time goes into compiling the same modules again.
enableCompileCache();
const [{ cli }, { openTerminal }] = await Promise.all([import('./cli.ts'), import('./terminal/terminal.ts')]);

// Whoever reads may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await cli(process.argv.slice(2), openTerminal(process));
