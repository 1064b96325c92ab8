{%- from 'metalk8s/packages/from-archive.jinja' import from_archive %}
{%- set packages = pillar['metalk8s']['packages'] %}
{%- if packages['held'] %}
{%- macro names_and_versions() %}
    - pkgs:
{%- for package in packages['held'] %}
      - {{ package.name | json }}: {{ package.version | json }}
{%- endfor %}
{%- endmacro %}
packages in one version:
  pkg.installed:
    {{ from_archive(packages) }}
    - update_holds: true
    {{- names_and_versions() }}

# Afterwards, as Salt takes no package that is locked for one that it may install.
/etc/dnf/plugins/versionlock.list:
  held.versions:
    - configuration: /etc/dnf/plugins/versionlock.conf
    {{- names_and_versions() }}
{%- endif %}
