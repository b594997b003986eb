import { publishedTypes } from './attw.ts';
import { build } from './build.ts';
import { bundleSizes } from './bundle-sizes.ts';
import { dependencyDirection } from './dependency-direction.ts';
import { documents } from './documents.ts';
import { formatAndLint } from './format-and-lint.ts';
import { installedPackages } from './installed-packages.ts';
import { machinePaths } from './machine-paths.ts';
import { packageShape } from './package-shape.ts';
import { publishedManifest } from './publint.ts';
import { readmeCode } from './readme-code.ts';
import { sourceRules } from './source-rules.ts';
import type { Step } from './step.ts';
import { tarballContents } from './tarball-contents.ts';
import { tests } from './tests.ts';
import { types } from './types.ts';
import { unusedCode } from './unused-code.ts';

/** In the order that verify runs them. */
export const steps: readonly Step[] = [
  formatAndLint,
  types,
  tests,
  build,
  publishedManifest,
  publishedTypes,
  tarballContents,
  installedPackages,
  bundleSizes,
  unusedCode,
  readmeCode,
  packageShape,
  dependencyDirection,
  sourceRules,
  machinePaths,
  documents,
];
