import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { load as loadLibsignalClient } from './libsignal-client.ts';
import { load as loadOlm } from './olm.ts';
import { load as loadPrivacyresearchLibsignal } from './privacyresearch-libsignal.ts';
import { serve } from './serve.ts';
import { load as loadTwoKeyRatchet } from './two-key-ratchet.ts';

const [, , adapter, packageName = '', folder = ''] = process.argv;
const installed = createRequire(`${folder}/`).resolve(packageName);
const names = await import(pathToFileURL(installed).href);
// Those in CommonJS are the default export, libsignal-client has names of its own.
const module = names.default ?? names;
if (adapter === 'olm.ts') await serve(await loadOlm(module));
else if (adapter === 'two-key-ratchet.ts') await serve(await loadTwoKeyRatchet(module));
else if (adapter === 'privacyresearch-libsignal.ts') await serve(await loadPrivacyresearchLibsignal(module));
else await serve(await loadLibsignalClient(module));
