import type { Mutant } from '../mutant.ts';

/** XEP-0384 5.8. */
export const rooms: readonly Mutant[] = [
  {
    row: 'R78',
    breaks: 'a message to a room need not say so inside',
    file: 'packages/omemo-core/src/messages/judge-envelope.ts',
    find: "if (to === undefined && around.room !== undefined) return 'to-missing';",
    replace: '',
  },
  {
    row: 'R101',
    breaks: 'anonymous rooms are written to',
    file: 'packages/omemo-core/src/rooms/configuration.ts',
    find: "anonymity: has('muc_nonanonymous') ? 'non-anonymous' : 'anonymous',",
    replace: "anonymity: 'non-anonymous',",
  },
  {
    row: 'R102',
    breaks: 'open rooms are written to',
    file: 'packages/omemo-core/src/rooms/addressees.ts',
    find: "if (record.access === 'open' && rules.open !== 'allow') {",
    replace: 'if (rules.open !== undefined && false) {',
  },
  {
    row: 'R104',
    breaks: 'only the member list is asked for',
    file: 'packages/omemo-core/src/rooms/member-affiliation.ts',
    find: "['member', 'admin', 'owner'] as const",
    replace: "['member'] as unknown as readonly ['member', 'admin', 'owner']",
  },
  {
    row: 'S56',
    breaks: 'nobody looks whether the membership is the one approved',
    file: 'packages/omemo-core/src/rooms/addressees.ts',
    find: 'if (approved !== undefined && membershipOf(members).version !== approved.version) {',
    replace: 'if (approved !== undefined && approved.version === undefined) {',
  },
  {
    row: 'S58',
    breaks: 'any message with this device’s id is taken for its own',
    file: 'packages/omemo-core/src/messages/receive-message.ts',
    find: 'if (room !== undefined && from === context.jid && sid === deviceId) {',
    replace: 'if (room !== undefined && sid === deviceId) {',
  },
  {
    row: 'R103',
    breaks: 'a room whose lists are not current is written to',
    file: 'packages/omemo-core/src/rooms/addressees.ts',
    find: "if (record === undefined || record.lists === 'stale') {",
    replace: 'if (record === undefined) {',
  },
  {
    row: 'R105',
    breaks: 'owners and admins are left out',
    file: 'packages/omemo-core/src/rooms/member-lists.ts',
    find: 'if (jid !== undefined && held !== undefined) members.set(',
    replace: "if (jid !== undefined && held === 'member') members.set(",
  },
  {
    row: 'R106',
    breaks: 'who lost a membership keeps it',
    file: 'packages/omemo-core/src/rooms/members.ts',
    find: 'if (affiliation === undefined) byJid.delete(jid);',
    replace: 'if (affiliation === undefined) continue;',
  },
  {
    row: 'R107',
    breaks: 'device lists of members are not fetched',
    file: 'packages/omemo-core/src/messages/gather.ts',
    find: 'await refreshDeviceLists(context, jids, {',
    replace: 'await refreshDeviceLists(context, many ? [] : jids, {',
  },
  {
    row: 'R108',
    breaks: 'the own other devices get no key',
    file: 'packages/omemo-core/src/messages/encrypt.ts',
    find: "const jids = [...new Set(request.own === 'left-out' ? to : [...to, context.jid])];",
    replace: 'const jids = [...new Set(to)];',
  },
];
