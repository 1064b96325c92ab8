import { nameOfObject } from '../kubernetes/objects/api-object.ts';
import type { CertificateProfile, FileSpecification } from '../kubernetes/pki/specification.ts';
import type { PlacedPath } from '../salt/placed-file.ts';
import type { Plan, Step } from './plan.ts';
import type { PlannedFile } from './planned-file.ts';
import type { Condition, SystemChanges } from './step-kinds.ts';
import { undoLines } from './undo-text.ts';

/** A plan for people: every step with all that it would leave on its host; contents of files by the beginning of their digest. */
export function planText(plan: Plan): string {
  const count = plan.steps.length;
  const kubernetes = plan.kubernetes === null ? '' : ` with Kubernetes ${plan.kubernetes}`;
  const head = `${plan.command} of metalk8s ${plan.version}${kubernetes}: ${count} steps, ${plan.digest}`;
  return `${[head, ...plan.steps.flatMap((step, index) => ['', ...stepLines(step, index + 1)])].join('\n')}\n`;
}

function stepLines(step: Step, number: number): readonly string[] {
  return [
    `${number}. ${step.title}`,
    ...[
      `${step.host}: ${step.kind} ${step.id}`,
      `because ${step.reason}`,
      ...(step.disrupts === null ? [] : [`notice: ${step.disrupts}`]),
      ...actionLines(step),
    ].map((line) => `   ${line}`),
  ];
}

function actionLines(step: Step): readonly string[] {
  switch (step.kind) {
    case 'place-archive':
      return [`from ${step.source}`, `to ${step.target}, as ${step.form === 'image' ? 'one file' : 'a folder'}`];
    case 'place-files':
      return [...step.directories.map(directoryLine), ...step.files.map(fileLine)];
    case 'copy-from-archive':
      return step.files.map(fileLine);
    case 'start-unit':
      return [`systemctl enable --now ${step.unit}`];
    case 'check-archive':
      return [`${step.path} against sums ${short(step.sumsSha256)}`];
    case 'install-packages':
      return [
        [...step.command, ...step.packages, ...step.anyVersion].join(' '),
        'without what is installed by then: of those without a version, any will do',
      ];
    case 'salt-phase':
      return [
        step.command.join(' '),
        ...(step.system === null ? [] : systemLines(step.system)),
        ...step.directories.map(directoryLine),
        ...step.files.map(fileLine),
        ...step.units.map((unit) => `unit ${unit}: enabled and active`),
      ];
    case 'ensure-certificate': {
      const { certificate, key, profile } = step.specification;
      return [certificate, ...(key === undefined ? [] : [key])].map(secretLine).concat(profileLine(profile));
    }
    case 'ensure-key':
      return [step.specification.privateKey, step.specification.publicKey].map(secretLine);
    case 'ensure-kubeconfig': {
      const { file, server, profile } = step.specification;
      const restart = step.restarts === null ? [] : [`starts ${step.restarts} anew when it was changed`];
      return [secretLine(file), `server ${server}`, profileLine(profile), ...restart];
    }
    case 'ensure-encryption-key':
      return [secretLine(step.specification.file), `provider ${step.specification.provider}`];
    case 'import-images':
      return [`from ${step.layout}`, ...step.images.map(({ reference, digest }) => `image ${reference} ${digest}`)];
    case 'wait-for':
      return [`${conditionText(step.condition)}, for ${step.deadlineSeconds} s at most`];
    case 'apply-objects':
      return step.objects.map(({ object, write }) => `${write} ${nameOfObject(object)}`);
    case 'patch-node':
      return [
        ...Object.entries(step.marks.labels).map(([name, value]) => `label ${name}=${value}`),
        ...step.marks.taints.map(({ key, effect }) => `taint ${key}:${effect}`),
      ];
    case 'copy-kubeconfig':
      return [`from ${step.source}`, `to ${step.target}, 0600 ${step.user}:${step.group}`];
    default:
      return undoLines(step);
  }
}

function fileLine(file: PlannedFile): string {
  return `file ${protection(file)} ${short(file.sha256)} ${file.path}`;
}

function directoryLine(directory: PlacedPath): string {
  return `directory ${protection(directory)} ${directory.path}`;
}

function protection({ mode, user, group }: PlacedPath): string {
  return `${mode} ${user}:${group}`;
}

/** Nothing of what will be in it. */
function secretLine({ path, mode, uid, gid }: FileSpecification): string {
  return `made there 0${mode.toString(8)} ${uid}:${gid} ${path}`;
}

function profileLine({
  commonName,
  organizations,
  dnsNames,
  ipAddresses,
  validityDays,
  keyAlgorithm,
}: CertificateProfile) {
  const subject = [...organizations.map((name) => `O=${name}`), `CN=${commonName}`].join(', ');
  const names = [...dnsNames, ...ipAddresses];
  return `${subject}; ${keyAlgorithm}, ${validityDays} days${names.length === 0 ? '' : `; for ${names.join(', ')}`}`;
}

function systemLines({ packages, users, kernelModules, kernelSettings }: SystemChanges): readonly string[] {
  return [
    ...packages.held.map(({ name, version }) => `package ${name} ${version}, held`),
    ...packages.installed.map((name) => `package ${name}`),
    ...users.map(({ name, home }) => `user ${name}, ${home}`),
    ...kernelModules.map((name) => `kernel module ${name}`),
    ...kernelSettings.map(({ name, value }) => `kernel setting ${name} = ${value}`),
    'swap off',
  ];
}

function conditionText(condition: Condition): string {
  switch (condition.that) {
    case 'answers':
      return `${condition.url} answers, known by ${condition.authority}`;
    case 'file-exists':
      return `${condition.path} is there`;
    case 'node-registered':
      return `Node ${condition.node} is there`;
    case 'node-ready':
      return `Node ${condition.node} is ready`;
    case 'pods-ready':
      return `all pods of ${condition.namespace} are ready`;
  }
}

function short(sha256: string): string {
  return sha256.slice(0, 12);
}
