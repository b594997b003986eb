/** Another implementation of sessions, or ours, seen as all of them can be: what they hand each other is their own affair. */
export interface Implementation<Device = unknown, Bundle = unknown, Session = unknown, Message = unknown> {
  createDevice(preKeys: number): Promise<Device>;
  /** What the device publishes. */
  bundleOf(device: Device): Promise<Bundle>;
  /** From a bundle to the first message: job (a). */
  begin(sender: Device, bundle: Bundle, plaintext: Uint8Array): Promise<{ session: Session; message: Message }>;
  /** From the first message to its plaintext: job (b). */
  accept(recipient: Device, message: Message): Promise<{ session: Session; plaintext: Uint8Array }>;
  encrypt(session: Session, plaintext: Uint8Array): Promise<Message>;
  decrypt(session: Session, message: Message): Promise<Uint8Array>;
  /** 100 pre-keys and a signed one: job (e). */
  renewPreKeys(device: Device): Promise<void>;
}

export const comparedJobs = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
export type ComparedJob = (typeof comparedJobs)[number];
