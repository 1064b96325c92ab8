import { ListrDefaultRendererLogLevels as Level, Spinner } from 'listr2';

export interface Look {
  readonly color: boolean;
  /** Whether the terminal's locale has more than ASCII. */
  readonly unicode: boolean;
}

/** The part of listr2's options that decides how rows look; nothing in it depends on the environment. */
export function liveLook({ color, unicode }: Look, onTick: () => void) {
  return {
    icon: unicode ? {} : asciiIcons,
    color: Object.fromEntries(Object.values(Level).map((level) => [level, color ? paint(colors[level]) : plain])),
    spinner: new TickingSpinner(unicode ? undefined : ['-', '\\', '|', '/'], onTick),
  };
}

/** Tells when the list is about to be drawn again, so that titles change ten times a second and not with each event. */
class TickingSpinner extends Spinner {
  readonly #onTick: () => void;

  constructor(frames: string[] | undefined, onTick: () => void) {
    super();
    if (frames !== undefined) this.spinner.splice(0, this.spinner.length, ...frames);
    this.#onTick = onTick;
  }

  override spin(): void {
    this.#onTick();
    super.spin();
  }
}

const asciiIcons = {
  [Level.COMPLETED]: '+',
  [Level.FAILED]: 'x',
  [Level.SKIPPED_WITH_COLLAPSE]: '-',
  [Level.OUTPUT]: '>',
  [Level.OUTPUT_WITH_BOTTOMBAR]: '>',
  [Level.WAITING]: '.',
};

const [red, green, yellow] = [31, 32, 33];

const colors: Partial<Record<Level, number>> = {
  [Level.COMPLETED]: green,
  [Level.FAILED]: red,
  [Level.SKIPPED_WITH_COLLAPSE]: yellow,
  [Level.PENDING]: yellow,
};

function paint(code: number | undefined): (text?: string) => string {
  return code === undefined ? plain : (text = '') => `\u001b[${code}m${text}\u001b[39m`;
}

function plain(text = ''): string {
  return text;
}
