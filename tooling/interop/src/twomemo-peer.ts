import { fileURLToPath } from 'node:url';
import { toBase64 } from './base64.ts';
import type { Reply } from './effects.ts';
import { InteropError } from './interop-error.ts';
import { LineProcess } from './line-process.ts';
import { type PublicationSource, Publications } from './publications.ts';
import { peerPython } from './twomemo-availability.ts';
import { type TwomemoChannel, TwomemoDevice } from './twomemo-device.ts';
import type { AboutLine, TwomemoStorage } from './twomemo-results.ts';

const SCRIPT = fileURLToPath(new URL('../python/twomemo_peer.py', import.meta.url));
// -B: no __pycache__ in the source tree. -E -s: the packages of that interpreter, whatever the environment says.
const PYTHON_OPTIONS = ['-B', '-E', '-s'];
const DEFAULT_TIMEOUT_MS = 20_000;

export interface TwomemoPeerOptions {
  /** Interpreter; by default `$OMEMO_PEER_PYTHON` or /usr/bin/python3. */
  readonly python?: string;
  /** How long to wait for the start and for each answer. 20 seconds unless given. */
  readonly timeoutMs?: number;
}

/** Versions as the packages report them. */
export interface TwomemoVersions {
  readonly python: string;
  readonly packages: Readonly<Record<'omemo' | 'twomemo' | 'doubleratchet' | 'x3dh' | 'xeddsa', string>>;
}

export interface CreateDeviceOptions {
  /** Bare JID of the account. */
  readonly jid: string;
  /** Drawn by python-omemo unless given. Refused when the account's list has it. */
  readonly deviceId?: number;
  /** Identity key: an Ed25519 seed or a Curve25519 private key, 32 bytes. A fresh seed unless given. */
  readonly identity?: { readonly form: 'seed' | 'scalar'; readonly secret: Uint8Array };
  readonly label?: string;
  /** What becomes of a device nobody decided on: trusted when encrypting to it (default), or left undecided (encrypting is refused). */
  readonly newDevices?: 'trusted' | 'undecided';
  /** Stored skipped message keys per session. 1000 unless given. */
  readonly maxStoredSkipped?: number;
  /** Skipped message keys that one message may ask for; as many as are stored unless given. */
  readonly maxSkip?: number;
  /** `catching-up`: starts as after a time offline, until {@link TwomemoDevice.endHistorySync}. */
  readonly start?: 'live' | 'catching-up';
  /** Goes on from a copy that {@link TwomemoDevice.storageCopy} made, in this process or another. */
  readonly storage?: TwomemoStorage;
  /** Where the device reads what others published; {@link TwomemoPeer.publications} unless given. */
  readonly source?: PublicationSource;
}

/**
 * A process that hosts python-omemo devices. It has no network: a device reads from its {@link PublicationSource}, and
 * what it writes comes back as effects of the request that made it write.
 *
 * Requests of all devices are served one after the other, in the order made.
 */
export class TwomemoPeer implements AsyncDisposable {
  readonly versions: TwomemoVersions;
  /** The source of devices that were given none. What they publish goes in by itself, before their answer is given. */
  readonly publications = new Publications();
  readonly #process: LineProcess;
  readonly #sources: Map<string, PublicationSource>;
  #created = 0;

  /** @throws {InteropError} `peer-unavailable`, with the standard error of the process in the message. */
  static async start(options: TwomemoPeerOptions = {}): Promise<TwomemoPeer> {
    const sources = new Map<string, PublicationSource>();
    const process = await LineProcess.start({
      command: options.python ?? peerPython(),
      args: [...PYTHON_OPTIONS, SCRIPT],
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      answer: async ({ question, device, of, deviceId }) => {
        const source = sources.get(device);
        if (source === undefined) throw new InteropError('peer-protocol', `no device is called ${device}`);
        return question === 'devices' ? source.devices(of) : source.bundle(of, deviceId!);
      },
    });
    return new TwomemoPeer(process, sources);
  }

  private constructor(process: LineProcess, sources: Map<string, PublicationSource>) {
    this.#process = process;
    this.#sources = sources;
    this.versions = process.ready as TwomemoVersions;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /**
   * A new device, or one from a storage copy. A new one publishes its bundle and its account's list, with itself added.
   *
   * @throws {InteropError} `peer-refused` when the device id is taken; else as every request.
   */
  async createDevice(options: CreateDeviceOptions): Promise<Reply<TwomemoDevice>> {
    const { jid, identity, newDevices, start, source, ...rest } = options;
    const name = `${jid} #${++this.#created}`;
    const channel = this.#channel(name, source);
    const params = {
      jid,
      ...rest,
      ...(identity === undefined ? {} : { [identity.form]: toBase64(identity.secret) }),
      autoTrust: newDevices !== 'undecided',
      historySync: start === 'catching-up',
    };
    const { value, effects } = await channel.request<AboutLine>('create', params);
    return { value: new TwomemoDevice(channel, value), effects };
  }

  /** Ends the process. Requests that wait reject with `peer-closed`. */
  close(): Promise<void> {
    return this.#process.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #channel(device: string, source: PublicationSource | undefined): TwomemoChannel {
    this.#sources.set(device, source ?? this.publications);
    return {
      device,
      request: async <T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Reply<T>> => {
        const { result, effects } = await this.#process.request({ method, device, params });
        if (source === undefined) this.publications.apply(effects);
        return { value: result as T, effects };
      },
    };
  }
}
