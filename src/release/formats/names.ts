import { shown } from '../../documents/shown.ts';
import { matching } from './matching.ts';

/** No longer path of a file on the disc; with its folder and the place where the disc is mounted it is far from what Rock Ridge holds. */
const LONGEST_PATH = 200;

const plain = '[A-Za-z0-9._+-]';

/** A path below a folder of the disc: plain names, so that it means the same to every tool and can lead nowhere else. */
export const discPath = {
  title: 'path on the disc',
  pattern: `^[A-Za-z0-9_]${plain}*(/[A-Za-z0-9_]${plain}*)*$`,
  check(text: string): string | undefined {
    if (text.startsWith('/'))
      return `${shown(text)} must be relative: it lies below the disc's folder of upstream files`;
    if (text.split('/').includes('..')) return `${shown(text)} must not lead up by ".."`;
    if (text.length > LONGEST_PATH) return `must have at most ${LONGEST_PATH} characters; it has ${text.length}`;
    if (new RegExp(discPath.pattern).test(text)) return undefined;
    return `${shown(text)} is no path of plain names such as calico/crds.yaml: letters, digits, ".", "_", "+" and "-", each part starting with a letter, digit or "_"`;
  },
};

/** A path on the build station, absolute or relative to the file that names it. */
export const localPath = {
  title: 'path',
  pattern: '^\\S(.*\\S)?$',
  check(text: string): string | undefined {
    if (text === '' || text.trim() !== text) return 'must be a path without space around it';
    if (/\p{Cc}/u.test(text)) return 'must be a path without control characters';
    if (/^~|^[a-z][a-z0-9+.-]+:/i.test(text)) return 'must be a path, absolute or relative to the folder of this file';
    return undefined;
  },
};

/** A day of this century, which every reader of ISO 9660 can tell. */
export const day = {
  title: 'day',
  pattern: '^20[0-9]{2}-[0-9]{2}-[0-9]{2}$',
  check(text: string): string | undefined {
    const [, year, month, date] = /^(20[0-9]{2})-([0-9]{2})-([0-9]{2})$/.exec(text)?.map(Number) ?? [];
    if (year === undefined || month === undefined || date === undefined) {
      return `${shown(text)} is no day of this century such as 2026-11-21`;
    }
    const days = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
    return date >= 1 && date <= days ? undefined : `${shown(text)} is not in the calendar`;
  },
};

/** In this century. */
function isLeap(year: number): boolean {
  return year % 4 === 0;
}

const version = matching({
  title: 'Kubernetes version',
  pattern: '1\\.[0-9]{1,3}\\.[0-9]{1,3}',
  example: '1.36.3',
  longest: 9,
});

export const kubernetesVersion = {
  ...version,
  check: (text: string) => (/^v[0-9.]+$/.test(text) ? 'must be written without "v"' : version.check(text)),
};

const plainVersion = matching({
  title: 'package version',
  pattern: '[A-Za-z0-9][A-Za-z0-9._+~^]*',
  example: '1.36.3',
  longest: 127,
});

/** Also the form of a release. */
export const packageVersion = {
  ...plainVersion,
  check(text: string): string | undefined {
    if (/^[0-9]+:./.test(text)) return 'must be the version alone: leave out the epoch, up to ":"';
    if (/.-./.test(text)) return 'must be the version alone: leave out the release, from "-" on';
    return plainVersion.check(text);
  },
};

const HEXADECIMAL = /^[0-9A-Fa-f]{40}$/;

/** Of the primary key, as OpenPGP's version 4 has it. */
export const fingerprint = {
  title: 'key fingerprint',
  pattern: '^[0-9A-Fa-f]{40}$',
  check(text: string): string | undefined {
    if (HEXADECIMAL.test(text)) return undefined;
    const bare = text.replaceAll(/[\s:]|^0x/gi, '');
    if (HEXADECIMAL.test(bare)) return `must be written without spaces, colons or "0x": ${bare.toUpperCase()}`;
    return 'is no fingerprint: 40 hexadecimal digits, as `gpg --show-keys` prints them; a short key id is not enough';
  },
};

export const sha256 = {
  title: 'SHA-256 checksum',
  pattern: '^[0-9a-f]{64}$',
  check: (text: string) =>
    /^[0-9a-f]{64}$/.test(text)
      ? undefined
      : 'is no SHA-256 checksum: 64 hexadecimal digits in lower case, as `sha256sum` prints them',
};
