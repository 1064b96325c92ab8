{%- from 'metalk8s/placed.jinja' import manifests %}
{{ manifests(pillar['metalk8s']['registry']['manifests']) }}
