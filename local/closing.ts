/** Ends what was begun in the opposite order, whether starting went well or stopped half-way. */

export type Close = () => Promise<void> | void;

export interface ClosingStack {
  /** @returns the same thing, for use in an expression. */
  add<Opened>(opened: Opened, close: (opened: Opened) => Promise<void> | void): Opened;
  /** Ends everything, last first; one that fails does not keep the others from ending. */
  closeAll(onFailure: (error: unknown) => void): Promise<void>;
}

export const closingStack = (): ClosingStack => {
  const closers: Close[] = [];
  return {
    add: (opened, close) => {
      closers.push(() => close(opened));
      return opened;
    },
    closeAll: async (onFailure) => {
      for (const close of closers.splice(0).reverse()) {
        try {
          await close();
        } catch (error) {
          onFailure(error);
        }
      }
    },
  };
};
