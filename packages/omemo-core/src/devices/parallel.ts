/** Runs a task for each item, at most `width` at once. Tasks keep their own failures. */
export async function inParallel<T>(width: number, items: readonly T[], task: (item: T) => Promise<void>) {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
