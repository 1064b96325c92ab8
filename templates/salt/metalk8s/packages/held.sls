{%- from 'metalk8s/packages/from-archive.jinja' import from_archive %}
{%- set packages = pillar['metalk8s']['packages'] %}
{%- if packages['held'] %}
packages in one version:
  # Not pkg.held, which in a run that only looks tells of no change.
  pkg.installed:
    {{ from_archive(packages) }}
    - hold: true
    - update_holds: true
    - pkgs:
{%- for package in packages['held'] %}
      - {{ package.name | json }}: {{ package.version | json }}
{%- endfor %}
{%- endif %}
