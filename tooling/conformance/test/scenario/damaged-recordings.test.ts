import { describe, expect, test } from 'vitest';
import { damaged, type Json, replay, vectors } from '../vectors-folder.ts';

interface Damage {
  readonly what: string;
  readonly file: string;
  change(json: Json): void;
  /** Step and difference that the report has to name. */
  readonly found: RegExp;
}

const stepOf = (json: Json, op: string, by?: string) =>
  json.steps.find((step: Json) => step.op === op && (by === undefined || step.by === by));

const damages: readonly Damage[] = [
  {
    what: 'a wire byte of an encrypt step, seen by the sender',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[0].wire = damaged(json.steps[0].wire);
    },
    found: /as alice: step 0 \(encrypt of message 0\): .*wire is/,
  },
  {
    what: 'a wire byte of an encrypt step, seen by the recipient',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[0].wire = damaged(json.steps[0].wire);
    },
    found: /as bob: step 1 \(decrypt of message 0\): failed/,
  },
  {
    what: 'the recorded plaintext of a delivery',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[1].plaintext = damaged(json.steps[1].plaintext);
    },
    found: /as bob: step 1 .*plaintext is/,
  },
  {
    what: 'a plaintext that is too long',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[1].plaintext += '00';
    },
    found: /as bob: step 1 .*plaintext is/,
  },
  {
    what: 'a chain key in the state after a step',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[3].state_after.receiving.key = damaged(json.steps[3].state_after.receiving.key);
    },
    found: /as alice: step 3 \(decrypt of message 1\): state receiving is/,
  },
  {
    what: 'the order of skipped keys',
    file: 'transcripts/s03-kex-first-lost',
    change: (json) => {
      json.steps[3].state_after.skipped.reverse();
    },
    found: /as bob: step 3 \(decrypt of message 2\): state skipped is/,
  },
  {
    what: 'a field of the state that nobody knows',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[0].state_after.colour = 'ff';
    },
    found: /as alice: step 0 .*state_after has colour/,
  },
  {
    what: 'a refusal recorded as read',
    file: 'transcripts/s24-forgeries',
    change: (json) => {
      json.steps[1].expect = 'ok';
    },
    found: /as bob: step 1 \(decrypt of message 0\): failed \(not-authentic\), recorded is ok/,
  },
  {
    what: 'a reading recorded as refused',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[1].expect = 'refuse';
    },
    found: /as bob: step 1 .*message, and no kept session was there to read it/,
  },
  {
    what: 'a private key that was drawn',
    file: 'transcripts/s01-hello',
    change: (json) => {
      const draw = json.steps[1].draws[0];
      draw.value = damaged(draw.value);
    },
    found: /as bob: step 1 .*state own_ratchet_priv is/,
  },
  {
    what: 'a draw that nobody needs',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.steps[3].draws.push({ purpose: 'ratchet_priv', value: 'ab'.repeat(32) });
    },
    found: /as alice: step 3 .*recorded draws that were not asked for is "ratchet_priv"/,
  },
  {
    what: 'the final state',
    file: 'transcripts/s11-monologue-60',
    change: (json) => {
      json.final.bob.root_key = damaged(json.final.bob.root_key);
    },
    found: /as bob: final state: state root_key is/,
  },
  {
    what: 'the hash of a thousand skipped keys',
    file: 'transcripts/s20-skip-1000',
    change: (json) => {
      json.final.bob.skipped_sha256 = damaged(json.final.bob.skipped_sha256);
    },
    found: /as bob: final state: state skipped_sha256 is/,
  },
  {
    what: 'a count',
    file: 'transcripts/s08-lost-for-good',
    change: (json) => {
      json.counts.lost += 1;
    },
    found: /counts: lost is 6, recorded is 7/,
  },
  {
    what: 'a published key of a device',
    file: 'transcripts/s01-hello',
    change: (json) => {
      json.devices.bob.pks[3].pub = damaged(json.devices.bob.pks[3].pub);
    },
    found: /device bob: pre key 4 is/,
  },
  {
    what: 'a key deleted that a later message needs',
    file: 'transcripts/s12-rotated-signed-pre-key',
    change: (json) => {
      const bundle = stepOf(json, 'bundle', 'bob').bundle;
      bundle.pks = bundle.pks.filter(({ id }: Json) => id !== json.steps[0].built.pk_id);
    },
    found: /as bob: step 2 \(decrypt of message 0\): failed \(unknown-pre-key\)/,
  },
  {
    what: 'a byte that a world sent',
    file: 'worlds/w2-two-devices-each',
    change: (json) => {
      const event = json.events.find(({ op, automatic }: Json) => op === 'send' && automatic);
      event.xml = event.xml.replace(/(<key [^>]*>.{8})./, '$1A');
    },
    found: /as alice1: event \d+ \(send\): xml is/,
  },
  {
    what: 'a plaintext of a world',
    file: 'worlds/w1-one-to-one',
    change: (json) => {
      json.events.find(({ op }: Json) => op === 'receive').plaintext += '!';
    },
    found: /as alice1: event 3 \(receive\): plaintext is/,
  },
  {
    what: 'a final session of a world',
    file: 'worlds/w3-group',
    change: (json) => {
      json.final_sessions['carol2 with bob1'].pn += 1;
    },
    found: /as carol2: final session with bob1: state pn is/,
  },
  {
    what: 'a good case recorded as bad',
    file: 'encodings',
    change: (json) => {
      json.cases[1].expect = 'refuse';
    },
    found: /case 1 \(.*\): message, recorded is refuse/,
  },
  {
    what: 'a bad case recorded as good',
    file: 'refused-bundles',
    change: (json) => {
      json.cases[1].expect = 'accept';
    },
    found: /case 1 \(signature damaged\): refused, recorded is accept/,
  },
  {
    what: 'a byte of an honest message',
    file: 'refused-messages',
    change: (json) => {
      json.cases[0].wire = damaged(json.cases[0].wire);
    },
    found: /case 0 \(honest, not tampered with\): failed/,
  },
  {
    what: 'a chain key of the state that messages start from',
    file: 'refused-messages',
    change: (json) => {
      json.state.receiving.key = damaged(json.state.receiving.key);
    },
    found: /case 0 \(honest, not tampered with\): failed/,
  },
  {
    what: 'a preparation left out',
    file: 'refused-key-exchanges',
    change: (json) => {
      const replayed = json.cases.find(({ what }: Json) => what === 'replayed into the session it built');
      replayed.what = 'fresh';
    },
    found: /case \d+ \(fresh\): message, recorded is refuse/,
  },
  {
    what: 'a ciphertext',
    file: 'payloads',
    change: (json) => {
      json.cases[5].ciphertext = damaged(json.cases[5].ciphertext);
    },
    found: /case 5: .*ciphertext is/,
  },
  {
    what: 'a signature',
    file: 'signatures',
    change: (json) => {
      json.cases[0].scalar_signature = damaged(json.cases[0].scalar_signature);
    },
    found: /case 0: scalar_signature is/,
  },
  {
    what: 'what is read from an element',
    file: 'xml',
    change: (json) => {
      json.cases[2].parsed[0][1] = 'Fax';
    },
    found: /case 2 \(with labels\): devices is/,
  },
];

describe('a damaged recording is noticed, with file and step', () => {
  test.each(damages)('$what', async ({ file, change, found }) => {
    const json = vectors(file);
    change(json);
    const report = await replay(json);
    const lines = report.lines().filter((line) => line.startsWith('FAILED changed.json: '));
    expect(lines.join('\n')).toMatch(found);
    expect(report.lines().at(-1)).toBe(`${report.passed} passed, ${lines.length} failed`);
  });
});

/** What recordings say for people, the number of a step, and a limit that this conversation never meets. */
const UNCHECKED = /\.(about|id|namespace|libraries\.\w+|lite|max_skip|i)$/;

test('no recorded value of a transcript goes unchecked', async () => {
  const json = vectors('transcripts/s01-hello');
  const unnoticed: string[] = [];
  for (const { holder, key, path } of leavesByPath(json)) {
    const value = holder[key];
    holder[key] = changed(value);
    if ((await replay(json)).failed === 0) unnoticed.push(path);
    holder[key] = value;
  }
  expect(unnoticed.filter((path) => !UNCHECKED.test(path))).toEqual([]);
});

interface Leaf {
  readonly holder: Json;
  readonly key: string;
  readonly path: string;
}

/** One value for each place in the structure: the last one of a list stands for all. */
function leavesByPath(json: Json): Leaf[] {
  const found = new Map<string, Leaf>();
  const visit = (holder: Json, at: string) => {
    for (const key of Object.keys(holder)) {
      const path = `${at}.${Array.isArray(holder) ? '[]' : key}`;
      if (holder[key] !== null && typeof holder[key] === 'object') visit(holder[key], path);
      else found.set(path, { holder, key, path });
    }
  };
  visit(json, '');
  return [...found.values()];
}

function changed(value: Json): Json {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return value === null ? '00' : damaged(value);
}
