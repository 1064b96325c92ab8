/** A number of buffers that are used again and again, so that much data passes through little memory. */
export interface Buffers {
  /** Waits until one is free. */
  take(): Promise<Buffer<ArrayBuffer>>;
  give(buffer: Buffer<ArrayBuffer>): void;
}

/** `size` in bytes. */
export function createBuffers(count: number, size: number): Buffers {
  const free = Array.from({ length: count }, () => Buffer.allocUnsafe(size));
  const waiting: ((buffer: Buffer<ArrayBuffer>) => void)[] = [];
  return {
    take: async () => free.pop() ?? new Promise<Buffer<ArrayBuffer>>((resolve) => waiting.push(resolve)),
    give: (buffer) => {
      const next = waiting.shift();
      if (next) next(buffer);
      else free.push(buffer);
    },
  };
}
