import type { EventEmitter } from 'node:events';
import { MetalK8sError } from '../errors/metalk8s-error.ts';

/** Where signals and unhandled errors come from: the process, or a stand-in. */
export type SignalSource = Pick<EventEmitter, 'on' | 'off'>;

export interface Interruption {
  readonly stop: AbortSignal;
  readonly leave: AbortSignal;
  /** Rejects with an error that nobody handled. */
  readonly defect: Promise<never>;
  dispose(): void;
}

/**
 * Owns the signals. The first SIGINT, SIGTERM or SIGHUP asks to stop after the current step. A SIGINT after that leaves at once; SIGTERM and
 * SIGHUP never do, since service managers and closing terminals may send them twice.
 */
export function watchSignals(source: SignalSource): Interruption {
  const stop = new AbortController();
  const leave = new AbortController();
  const defect = Promise.withResolvers<never>();
  defect.promise.catch(() => {});
  const onSignal = (signal: string) => {
    if (!stop.signal.aborted) stop.abort(interrupted(signal));
    else if (signal === 'SIGINT') leave.abort(interrupted(signal));
  };
  for (const signal of signals) source.on(signal, onSignal);
  for (const event of unhandled) source.on(event, defect.reject);
  return {
    stop: stop.signal,
    leave: leave.signal,
    defect: defect.promise,
    dispose() {
      for (const signal of signals) source.off(signal, onSignal);
      for (const event of unhandled) source.off(event, defect.reject);
    },
  };
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const unhandled = ['unhandledRejection', 'uncaughtException'];

function interrupted(signal: string): MetalK8sError {
  return new MetalK8sError('INTERRUPTED', `stopped by ${signal}`, {
    hint: 'Run the same command again: it goes on where it stopped.',
  });
}
