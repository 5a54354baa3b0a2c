// Work that shares the network takes turns, in the order in which places were taken.

/** A place among those that wait. */
export interface Turn {
  /** Runs `work` when the places before are free. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Gives the place up where it is not taken. */
  leave(): void;
}

/** A function that gives the next place. */
export function createTurns(): () => Turn {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const before = last;
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (leave = resolve));
    last = before.then(() => left);
    const take = async <T>(work: () => Promise<T>): Promise<T> => {
      await before;
      return work().finally(leave);
    };
    return { take, leave };
  };
}
