import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Of a package.json, only the version goes into the program: ours, and that of packages which tell it to others. */
export const versionOnly: Plugin = {
  name: 'version-only',
  setup({ onLoad }) {
    onLoad({ filter: /\/package\.json$/ }, async ({ path }) => {
      const { default: manifest } = await import(path, { with: { type: 'json' } });
      return { contents: JSON.stringify({ version: manifest.version }), loader: 'json' };
    });
  },
};

/** yaml gives Node.js its CommonJS form, which cannot be split; its modules are the same code. */
export const modularYaml: Plugin = {
  name: 'modular-yaml',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^yaml$/ }, async ({ resolveDir, kind, pluginData }) => {
      if (pluginData === 'found') return undefined;
      const { path } = await find('yaml', { resolveDir, kind, pluginData: 'found' });
      return { path: join(dirname(path), '../browser/index.js') };
    });
  },
};

/** CommonJS packages get modules of Node.js from Node.js itself: a bundle of ES modules has no `require`. */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z]/ }, ({ path, kind }) =>
      kind === 'require-call' && isBuiltin(path)
        ? { path: path.replace(/^node:/, ''), namespace: 'builtin' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)});`,
    }));
  },
};

/** ssh2 does without its native parts when they cannot be loaded; so it never finds any, wherever it runs. */
export const withoutNativeParts: Plugin = {
  name: 'without-native-parts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^cpu-features$|\.node$/ }, ({ path }) => ({ path, namespace: 'native' }));
    onLoad({ filter: /.*/, namespace: 'native' }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path} is not part of metalk8s`)});`,
    }));
  },
};
