import { spawnSync } from 'node:child_process';

/** Why these modules cannot be used with that interpreter, or nothing. They are looked for, not loaded. */
export function missingModules(python: string, modules: readonly string[]): string | undefined {
  const names = JSON.stringify(modules);
  const code = `import importlib.util as u; print(' '.join(m for m in ${names} if u.find_spec(m) is None))`;
  const { error, status, stdout, stderr } = spawnSync(python, ['-E', '-s', '-c', code], { encoding: 'utf8' });
  if (error !== undefined) return `${python} cannot be run: ${error.message}`;
  if (status !== 0) return `${python} failed: ${stderr.trim()}`;
  const missing = stdout.trim();
  return missing === '' ? undefined : `${python} has no module ${missing.replaceAll(' ', ', ')}`;
}
