/** How far the fetching for one message is. */
export interface Progress {
  readonly step: 'device-lists' | 'bundles';
  readonly done: number;
  /** How many are to be fetched; those that are cached, or have a session, are not counted. */
  readonly total: number;
}

export type OnProgress = (progress: Progress) => void;

/** Counts what is done and tells; in tasks of their own, so that neither a slow nor a throwing listener disturbs sending. */
export function progressOf(
  step: Progress['step'],
  total: number,
  onProgress: OnProgress | undefined,
): { readonly oneDone: () => void } {
  let done = 0;
  const tell = () => {
    if (onProgress === undefined || total === 0) return;
    const progress = { step, done, total };
    queueMicrotask(() => onProgress(progress));
  };
  tell();
  return {
    oneDone() {
      done += 1;
      tell();
    },
  };
}
