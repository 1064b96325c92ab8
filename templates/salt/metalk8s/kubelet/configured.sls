{%- from 'metalk8s/placed.jinja' import directories, files %}
{{ directories(pillar['metalk8s']['kubelet']['directories']) }}
{{ files(pillar['metalk8s']['kubelet']['files']) }}
