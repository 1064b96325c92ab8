{%- from 'metalk8s/placed.jinja' import directories, files %}
{{ directories(pillar['metalk8s']['containerd']['directories']) }}
{{ files(pillar['metalk8s']['containerd']['files']) }}
