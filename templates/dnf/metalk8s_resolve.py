"""A dnf command that tells, as JSON, what the installation of some packages would bring.

It is loaded by the dnf of a build station for a build of MetalK8s alone. Only what the references of dnf and hawkey name is used, as it is
from dnf 4.7 (Enterprise Linux 8) on.
"""

import json
import re

import dnf
import dnf.cli
import hawkey


@dnf.plugin.register_command
class ResolveCommand(dnf.cli.Command):
    """metalk8s-resolve REQUEST ANSWER: both are JSON files."""

    aliases = ('metalk8s-resolve',)
    summary = 'tell what an installation would bring'

    @staticmethod
    def set_argparser(parser):
        parser.add_argument('request')
        parser.add_argument('answer')

    def configure(self):
        self.cli.demands.sack_activation = True
        self.cli.demands.available_repos = True

    def run(self):
        with open(self.opts.request, encoding='utf-8') as request:
            answer = self.resolve(json.load(request))
        with open(self.opts.answer, 'w', encoding='utf-8') as file:
            json.dump(answer, file)

    def resolve(self, request):
        """Packages are objects with name, and version or all parts of a NEVRA.

        request: wanted ones; only, where given: all that may be taken; providers: whether another package that provides a name will do.
        """
        answer = {'unmatched': [], 'problems': [], 'packages': [], 'replaced': [], 'gone': []}
        if 'only' in request:
            answer['gone'] = self.restrict(request['only'])
        for package in request['wanted']:
            if not self.mark(package, request['providers']):
                answer['unmatched'].append('-'.join(package[part] for part in ('name', 'version') if part in package))
        if answer['unmatched']:
            return answer
        try:
            self.base.resolve()
        except dnf.exceptions.DepsolveError as error:
            answer['problems'] = [line.strip() for line in str(error).splitlines() if line.strip()]
            return answer
        packages = sorted(self.base.transaction.install_set)
        answer['packages'] = self.described(packages)
        answer['replaced'] = sorted(str(package) for package in self.base.transaction.remove_set)
        return answer

    def restrict(self, only):
        """Hide every other package of the repositories. Returns what is not there, with what is there under its name."""
        available = self.base.sack.query().available()
        kept, gone = available.filter(empty=True), []
        for package in only:
            found = available.filter(**self.filters(package))
            kept = kept.union(found)
            if not found:
                gone.append({'expected': package, 'found': sorted(str(other) for other in available.filter(name=package['name']))})
        self.base.sack.add_excludes(available.difference(kept))
        return gone

    @staticmethod
    def filters(package):
        filters = {part: package[part] for part in ('name', 'version', 'release', 'arch') if part in package}
        if 'epoch' in package:
            filters['epoch'] = int(package['epoch'])
        return filters

    def mark(self, wanted, providers):
        """Ask for a package."""
        if providers:
            return self.mark_provider(wanted['name'])
        if not self.base.sack.query().filter(**self.filters(wanted)):
            return False
        if 'arch' in wanted:
            spec, form = '{name}-{epoch}:{version}-{release}.{arch}', hawkey.FORM_NEVRA
        elif 'version' in wanted:
            spec, form = '{name}-{version}', hawkey.FORM_NEV
        else:
            spec, form = '{name}', hawkey.FORM_NAME
        self.base.install(spec.format(**wanted), forms=[form])
        return True

    def mark_provider(self, name):
        try:
            self.base.install(name)
        except dnf.exceptions.MarkingError:
            return False
        return True

    def described(self, packages):
        needed = self.needed_by(packages)
        return [self.describe(package, sorted(needed[package])) for package in packages]

    @staticmethod
    def describe(package, needed_by):
        kind, digest = package.chksum
        return {
            'name': package.name,
            'epoch': str(package.epoch),
            'version': package.version,
            'release': package.release,
            'arch': package.arch,
            'repository': package.reponame,
            'url': package.remote_location(schemes=('https', 'http', 'file')),
            'size': package.downloadsize,
            'checksum': '{}:{}'.format(hawkey.chksum_name(kind), digest.hex()),
            'neededBy': needed_by,
        }

    def needed_by(self, packages):
        """For each package the names of those that require something of it."""
        brought = self.base.sack.query().filter(pkg=packages)
        needed = {package: set() for package in packages}
        for package in packages:
            for requirement in package.requires:
                for provider in self.providers(brought, requirement):
                    if provider != package:
                        needed[provider].add(package.name)
        return needed

    @staticmethod
    def providers(brought, requirement):
        text = str(requirement)
        if not text.startswith('('):
            return brought.filter(provides=requirement)
        # Of a rich dependency, `(a if b)`, every name in it counts: this is an explanation, the solver has decided.
        names = re.findall(r'[^\s()]+', text)
        return [provider for name in names for provider in brought.filter(provides=name)]
