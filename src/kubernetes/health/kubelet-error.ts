/** An error of the kubelet's log, which is in klog's form: `E1121 21:55:07.1 1234 pod_workers.go:1324] "what" err="why" pod="namespace/name"`. */
const ERROR = /^E\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] "((?:[^"\\]|\\.)*)"(.*)$/;
const WHY = /\berr="((?:[^"\\]|\\.)*)"/;

/**
 * What the kubelet failed at last for a pod, named `namespace/name`, by the lines of its journal; undefined when it told of no failure. What follows from
 * another failure, such as the wait before a container is started again, counts too: it names its container.
 */
export function lastKubeletError(journal: string, pod: string): string | undefined {
  const line = journal
    .split('\n')
    .findLast((each) => each.startsWith('E') && (each.includes(` pod="${pod}"`) || each.includes(` pods=["${pod}"]`)));
  const [, what = '', fields = ''] = ERROR.exec(line ?? '') ?? [];
  if (what === '') return undefined;
  const why = WHY.exec(fields)?.[1];
  return unquoted(why ?? what);
}

/** A text in Go's quotes, which are nearly JSON's. */
function unquoted(text: string): string {
  return text.replace(/\\(["\\])/g, '$1').replace(/\\[nt]/g, ' ');
}
