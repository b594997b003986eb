import type { Kind } from '../kind.ts';
import { checkDevice } from '../recorded-device.ts';
import { TranscriptCounts } from '../transcript-counts.ts';
import { replayTranscriptAs } from '../transcript-replay.ts';

/** Conversations of two devices, replayed once in the place of each. */
export const transcripts: Kind = {
  name: 'transcripts',
  matches: (file) => file.find('format')?.value === 'omemo-transcript/1',
  async replay(file, replay) {
    const counts = new TranscriptCounts();
    const devices = file.get('devices');
    for (const name of devices.names()) {
      await replay.step(`device ${name}`, (compare) => checkDevice(compare, devices.get(name)));
    }
    for (const name of devices.names()) await replayTranscriptAs(name, { file, replay, counts });
    const made = counts.toCounts();
    const recorded = file.find('counts');
    if (recorded !== undefined) {
      await replay.step('counts', (compare) => {
        for (const name of recorded.names()) compare.value(name, made[name], recorded.get(name).count());
      });
    }
    return made;
  },
};
