import type { UndoAction } from './undo-kinds.ts';

/** What an undoing step takes away, as lines for people. */
export function undoLines(action: UndoAction): readonly string[] {
  switch (action.kind) {
    case 'end-processes':
      return [`runs of Salt, and of dnf once they are through, for ${action.deadlineSeconds} s at most`];
    case 'stop-units':
      return action.units.map((unit) => `systemctl disable --now ${unit}`);
    case 'end-containers':
      return [`namespace ${action.namespace} of containerd${action.keepsRuntime ? ', with its images' : ''}`];
    case 'unmount-below':
      return action.paths.map((path) => `mounted below ${path}`);
    case 'clear-network':
      return ['of Calico and kube-proxy'];
    case 'release-holds':
      return action.packages.map((name) => `package ${name}, no longer held`);
    case 'remove-packages':
      return action.packages.map((name) => `package ${name}`);
    case 'remove-rpm-keys':
      return action.keys;
    case 'remove-users':
      return action.users.map((name) => `user and group ${name}`);
    case 'restore-settings':
      return action.settings.map(({ name, value }) => `kernel setting ${name} = ${value}`);
    case 'remove-copy':
      return [`${action.path}, where it says the same as ${action.source}`];
    case 'remove-paths':
      return [
        ...action.trees.map((path) => `${path}, with all that is in it`),
        ...action.ours.map((path) => `${path}, unless it is a folder with something else in it`),
      ];
    case 'restore-files':
      return action.files.map(({ path, before }) =>
        before === null ? `${path}, which was not there before` : `${path}, as it was before`,
      );
    case 'reload-units':
      return [
        ...action.starts.map((unit) => `systemctl start ${unit}`),
        ...action.restarts.map((unit) => `systemctl restart ${unit}`),
      ];
  }
}
