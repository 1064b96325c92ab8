{%- set packages = pillar['metalk8s']['packages'] %}
packages of the archive:
  pkg.installed:
    - fromrepo: {{ packages['repository'] | json }}
    # No other repository is asked for anything: there may be nothing that answers.
    - refresh: false
    - skip_suggestions: true
    - setopt: install_weak_deps=False
    - update_holds: true
    - pkgs:
{%- for package in packages['installed'] %}
      - {{ package.name | json }}{% if package.version is defined %}: {{ package.version | json }}{% endif %}
{%- endfor %}
