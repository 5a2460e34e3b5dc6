/** A sleep that a knock ends early; a knock before it begins is not lost. */
export interface Nap {
  /** Sleeps, unless somebody has knocked since the last {@link Nap.begin}. */
  sleep(ms: number): Promise<void>;
  /** From now on, knocks count. */
  begin(): void;
  knock(): void;
}

/** @see Nap */
export function createNap(): Nap {
  let isKnocked = false;
  let end: (() => void) | undefined;
  return {
    begin() {
      isKnocked = false;
    },
    knock() {
      isKnocked = true;
      end?.();
    },
    sleep(ms) {
      if (isKnocked) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    },
  };
}
