import { relative } from 'node:path';
import { lastLines, runCommand } from './run-command.ts';
import { type Problem, resultOf, type Step } from './step.ts';

const FINDING = /^::(?:error|warning) title=([^,]*),file=([^,]*),line=(\d+)[^:]*::(.*)$/gm;

export const formatAndLint: Step = {
  name: 'lint',
  title: 'format, lint and circular imports (biome)',
  check: async ({ root }) => {
    const flags = ['--reporter=github', '--max-diagnostics=none', '--error-on-warnings'];
    const { code, stdout, output } = await runCommand('biome', ['check', ...flags, '.'], { cwd: root });
    const problems = [...stdout.matchAll(FINDING)].map(([, rule = '', file = '', line, said]): Problem => {
      const what = `${relative(root, file)}:${line}: ${said} [${rule.replace('lint/', '')}]`;
      return rule === 'format' || rule.startsWith('assist/')
        ? { what: `${relative(root, file)}: not formatted`, fix: 'pnpm format' }
        : { what, fix: 'pnpm lint shows each place; pnpm format mends what can be mended safely' };
    });
    if (code !== 0 && problems.length === 0) problems.push({ what: lastLines(output, 40), fix: 'see biome.json' });
    return resultOf(problems);
  },
};
