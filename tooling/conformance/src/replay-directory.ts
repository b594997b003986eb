import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { FormatError } from './format-error.ts';
import { compareWithIndex, findIndexes, readIndex, type SeenFile } from './index-file.ts';
import type { Counts, Kind, Replay } from './kind.ts';
import { kinds } from './kinds/index.ts';
import { findVectorFiles, type VectorFile } from './loader.ts';
import { parseJson } from './parse-json.ts';
import type { Recorded } from './recorded.ts';
import { checkDevice } from './recorded-device.ts';
import { explain, Report } from './report.ts';

/** The protocol whose recordings are replayed. */
const PROTOCOL = 'omemo2';

/** What stands for the kind of what belongs to none. */
const NO_KIND = 'not understood';

/** Replays every vector file at or below a directory and compares with the indexes that speak of it. */
export async function replayDirectory(directory: string): Promise<Report> {
  const report = new Report();
  const root = await realpath(directory);
  const files = await findVectorFiles(root);
  const seen = new Map<string, SeenFile>();
  for (const file of files) {
    const result = await replayFile(file, report);
    if (result !== undefined) seen.set(file.path, result);
  }
  if (files.length === 0) report.fail({ kind: NO_KIND, file: directory, step: 'directory' }, 'holds no vectors');
  for (const indexPath of await findIndexes(root)) await replayIndex({ indexPath, root, seen, report });
  return report;
}

async function replayFile(file: VectorFile, report: Report): Promise<SeenFile | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await file.read();
  } catch (error) {
    report.fail({ kind: NO_KIND, file: file.name, step: 'file' }, explain(error));
    return undefined;
  }
  return { bytes, counts: await replayVectors({ name: file.name, bytes, report }) };
}

/** Replays one file's JSON text. Answers what it counted, or nothing when the file is not understood. */
export async function replayVectors(options: {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly report: Report;
}): Promise<Counts | undefined> {
  const { name: file, bytes, report } = options;
  try {
    const vectors = parseJson(bytes);
    const kind = kindOf(vectors);
    report.file(kind.name);
    const replay: Replay = {
      step: (step, run) => report.step({ kind: kind.name, file, step }, run),
      deviation: (name) => report.deviation(name),
    };
    await checkNamedDevices(vectors, replay);
    return await kind.replay(vectors, replay);
  } catch (error) {
    report.fail({ kind: NO_KIND, file, step: 'file' }, explain(error));
    return undefined;
  }
}

/** Files of cases name the two devices that they are about. */
async function checkNamedDevices(vectors: Recorded, replay: Replay): Promise<void> {
  for (const name of ['alice', 'bob']) {
    const device = vectors.find(name);
    if (device !== undefined) await replay.step(`device ${name}`, (compare) => checkDevice(compare, device));
  }
}

/** @throws FormatError when the file is in no known shape, or in two. */
function kindOf(vectors: Recorded): Kind {
  const protocol = vectors.get('protocol').text();
  if (protocol !== PROTOCOL) throw new FormatError(`protocol ${protocol} is not replayed, only ${PROTOCOL}`);
  const matching = kinds.filter((kind) => kind.matches(vectors));
  const [kind] = matching;
  if (kind === undefined) throw new FormatError('no known kind of vectors has this shape');
  if (matching.length > 1) throw new FormatError(`could be any of ${matching.map(({ name }) => name).join(', ')}`);
  return kind;
}

async function replayIndex(options: {
  readonly indexPath: string;
  readonly root: string;
  readonly seen: ReadonlyMap<string, SeenFile>;
  readonly report: Report;
}): Promise<void> {
  const { indexPath, root, seen, report } = options;
  const file = relative(root, indexPath);
  try {
    const entries = await readIndex(indexPath, root);
    if (entries.length > 0) report.file('index');
    for (const entry of entries) {
      await report.step({ kind: 'index', file, step: entry.name }, (compare) =>
        compareWithIndex(compare, entry, seen.get(entry.path)),
      );
    }
  } catch (error) {
    report.fail({ kind: NO_KIND, file, step: 'file' }, explain(error));
  }
}
