import { readFile } from 'node:fs/promises';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { PackedPackage } from './packed-packages.ts';
import { packedStep } from './packed-step.ts';
import type { Problem, Step } from './step.ts';

export const publishedManifest: Step = packedStep(
  'publint',
  'package.json of the packed packages (publint)',
  publintProblems,
);

export async function publintProblems({ workspace, tarball }: PackedPackage): Promise<readonly Problem[]> {
  const bytes = await readFile(tarball);
  const packed = { tarball: new Uint8Array(bytes).buffer };
  const { messages, pkg } = await publint({ pack: packed, strict: true });
  return messages.map((message) => ({
    what: `${workspace.folder}/package.json: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
    fix: `see publint.dev/rules#${message.code.toLowerCase()}`,
  }));
}
