{%- from 'metalk8s/placed.jinja' import manifests %}
{{ manifests(pillar['metalk8s']['node']['manifests']) }}
