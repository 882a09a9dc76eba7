/** Undoes one attachment: removes what was added then, and nothing that others added. Calling it again does nothing. */
export type Disposer = () => void;

/** One disposer for several attachments. */
export function disposeAll(disposers: readonly Disposer[]): Disposer {
  return () => {
    for (const dispose of disposers) dispose();
  };
}
