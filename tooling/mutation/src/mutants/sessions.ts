import type { Mutant } from '../mutant.ts';

/** XEP-0384 5.4, 5.6 and section 6: building, keeping and replacing sessions. */
export const sessions: readonly Mutant[] = [
  {
    row: 'R70',
    breaks: 'sessions are prepared when a device is announced',
    file: 'packages/omemo-core/src/messages/receive.ts',
    find: "return { type: 'device-list', jid, change: await noteDeviceListEvent(context, jid, devices) };",
    replace:
      "const change = await noteDeviceListEvent(context, jid, devices);\n  for (const { id } of devices) await (await import('../bundles/fetch-bundle.ts')).fetchBundle(context, { jid, deviceId: id, known: undefined });\n  return { type: 'device-list', jid, change };",
  },
  {
    row: 'R71',
    breaks: 'sessions are built with the devices that are looked at',
    file: 'packages/omemo-core/src/devices/known-devices.ts',
    find: 'await gatherBundles(context, unknown, new Gathered(context), { signal: options.signal });',
    replace:
      "await gatherBundles(context, unknown, new Gathered(context), { signal: options.signal });\n  const { encryptEmpty } = await import('../messages/encrypt-empty.ts');\n  for (const { deviceId } of unknown) await encryptEmpty(context, { jid: jid as never, deviceId, send: 'always' });",
  },
  {
    row: 'R89',
    breaks: 'a key exchange builds no session',
    file: 'packages/omemo-core/src/sessions/session-set.ts',
    find: 'return { ...set, ...heard, sessions: trimmed([session, ...others]), answerOwed: true };',
    replace: 'return { ...set, ...heard, sessions: trimmed(others), answerOwed: true };',
  },
  {
    row: 'R92',
    breaks: 'pre-keys that were used in a catch-up are kept for ever',
    file: 'packages/omemo-core/src/account/catch-up.ts',
    find: 'for (const { id } of bundle.retained) unit.remove(keys.preKey(id));',
    replace: '',
  },
  {
    row: 'R112',
    breaks: 'a key exchange in a catch-up is not answered',
    file: 'packages/omemo-core/src/messages/store-reading.ts',
    find: 'withAccepted(set, session) :',
    replace: "{ ...withAccepted(set, session), answerOwed: request.delivery === 'live' } :",
  },
  {
    row: 'R113',
    breaks: 'used pre-keys are kept although they are to be deleted at once',
    file: 'packages/omemo-core/src/messages/store-reading.ts',
    find: "const keep = late && context.usedPreKeys === 'retain';",
    replace: 'const keep = late;',
  },
  {
    row: 'R115',
    breaks: 'replacing the sessions of one contact replaces those of all',
    file: 'packages/omemo-core/src/sessions/replace.ts',
    find: 'jid === undefined ? keys.sessionPrefix : keys.sessionsOf(jid)',
    replace: 'keys.sessionPrefix',
  },
  {
    row: 'R116',
    breaks: 'of all sessions only some are replaced',
    file: 'packages/omemo-core/src/sessions/replace.ts',
    find: 'const chunk = devices.slice(start, start + CHUNK);',
    replace: 'const chunk = devices.slice(start, start + 1);',
  },
  {
    row: 'R131',
    breaks: 'a message that fails makes a session owed',
    file: 'packages/omemo-core/src/messages/decrypt.ts',
    find: 'return failed(error.reason, error);',
    replace:
      'return { ...failed(error.reason, error), sessionOwed: await oweSession(context, unit, { device, own: identity, set, delivery: request.delivery }) };',
  },
  {
    row: 'R137',
    breaks: 'keys of messages that come late are not looked for',
    file: 'packages/omemo-core/src/messages/skipped-keys.ts',
    find: 'if (value !== undefined) found.set(session, value);',
    replace: '',
  },
];
