{%- from 'metalk8s/packages/from-archive.jinja' import from_archive %}
{%- set packages = pillar['metalk8s']['packages'] %}
{%- if packages['installed'] %}
packages in any version:
  pkg.installed:
    {{ from_archive(packages) }}
    - pkgs: {{ packages['installed'] | json }}
{%- endif %}
