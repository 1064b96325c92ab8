/** The parts of CycloneDX 1.6 (ECMA-424) that we write. Named as its JSON schema names them. */
export interface Bom {
  readonly $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json';
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  /** `urn:uuid:…` */
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: {
    /** ISO 8601. */
    readonly timestamp: string;
    readonly lifecycles: readonly [{ readonly phase: 'build' }];
    readonly component: Component;
  };
  readonly components: readonly Component[];
  readonly dependencies: readonly Dependency[];
}

export interface Component {
  readonly type: 'application' | 'container' | 'library' | 'file';
  /** Unique in the document. */
  readonly 'bom-ref': string;
  readonly supplier?: { readonly name: string };
  readonly name: string;
  readonly version?: string;
  readonly hashes?: readonly Hash[];
  readonly licenses?: Licences;
  readonly purl?: string;
  readonly externalReferences?: readonly { readonly type: 'distribution'; readonly url: string }[];
  readonly properties?: readonly Property[];
  readonly components?: readonly Component[];
}

export interface Hash {
  readonly alg: 'SHA-256' | 'SHA-512';
  /** Hexadecimal. */
  readonly content: string;
}

/** One SPDX identifier, one name of any kind, or one SPDX expression. */
export type Licences = readonly [
  { readonly license: { readonly id: string } | { readonly name: string } } | { readonly expression: string },
];

export interface Property {
  readonly name: string;
  readonly value: string;
}

interface Dependency {
  readonly ref: string;
  readonly dependsOn: readonly string[];
}
