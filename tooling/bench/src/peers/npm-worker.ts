import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { load as loadLibsignalClient } from './libsignal-client.ts';
import { load as loadOlm } from './olm.ts';
import { serve } from './serve.ts';

const [, , adapter, packageName = '', folder = ''] = process.argv;
const installed = createRequire(`${folder}/`).resolve(packageName);
const module: { default?: unknown } = await import(pathToFileURL(installed).href);
// Olm is CommonJS, libsignal-client has names of its own.
if (adapter === 'olm.ts') await serve(await loadOlm(module.default));
else await serve(await loadLibsignalClient(module));
