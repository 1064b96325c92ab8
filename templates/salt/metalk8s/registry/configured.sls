{%- from 'metalk8s/placed.jinja' import files %}
{{ files(pillar['metalk8s']['registry']['files']) }}
