import type { Mutant } from '../mutant.ts';

/** XEP-0384 5.7. */
export const optOuts: readonly Mutant[] = [
  {
    row: 'R95',
    breaks: 'an opt-out is written beside the envelope',
    file: 'packages/omemo-core/src/opt-out/opt-outs.ts',
    find: 'build: messageStanza({ id, to })',
    replace: 'build: messageStanza({ id, to, beside: [optOutElement(reason)] })',
  },
  {
    row: 'R96',
    breaks: 'the reason is left out',
    file: 'packages/omemo-core/src/opt-out/opt-outs.ts',
    find: 'return serializeOptOut({ reason });',
    replace: 'return serializeOptOut({ reason: reason && undefined });',
  },
  {
    row: 'R97',
    breaks: 'a message does not tell that it is an opt-out',
    file: 'packages/omemo-core/src/messages/inbox-result.ts',
    find: 'const optOut = optOutIn(envelope);',
    replace: 'const optOut = envelope && optOutIn(undefined);',
  },
  {
    row: 'R99',
    breaks: 'who comes back to OMEMO starts new sessions',
    file: 'packages/omemo-core/src/opt-out/opt-outs.ts',
    find: 'this.#part.settleSoon();',
    replace:
      "await (await import('../sessions/replace.ts')).replaceSessions(context, { jid });\n    this.#part.settleSoon();",
  },
];
