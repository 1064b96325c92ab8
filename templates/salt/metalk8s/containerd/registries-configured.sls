{%- from 'metalk8s/placed.jinja' import directories, files %}
{{ directories(pillar['metalk8s']['registries']['directories']) }}
{{ files(pillar['metalk8s']['registries']['files']) }}
