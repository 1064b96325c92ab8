import manifest from '../../package.json' with { type: 'json' };

/** The version of metalk8s, from package.json; the build copies it into the bundle. */
export const productVersion: string = manifest.version;
